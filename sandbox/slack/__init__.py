"""The Slack side of the sandbox: Web API, delivery, interactions, people."""
