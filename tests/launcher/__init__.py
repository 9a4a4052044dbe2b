"""The launcher, from first use on."""
