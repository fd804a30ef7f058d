"""A small strict Stripe: the API that a shop with one-off payments needs, its hosted page and its webhooks."""
