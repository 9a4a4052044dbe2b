"""Who takes the money: a till of our own for pretend money, or Stripe."""
