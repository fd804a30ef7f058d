"""What the Ensemble1job programme is: rules, model, messages, use cases; knows no Slack, SQL, Stripe or scheduler."""
