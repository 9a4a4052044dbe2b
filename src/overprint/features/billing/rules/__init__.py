"""Pure decisions about money: what things cost, what a plan allows, which credits are moved."""
