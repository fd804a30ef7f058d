"""The sandbox in a browser: a workspace that looks like Slack, its clock, its mail, its payments and its wire.

Pages are drawn whole on the server and work without JavaScript; ``static/page.js`` only brings each new drawing
into the page in place. People act through ``sandbox.slack.people`` like everything else that acts here, so that
the page is never kinder than Slack.
"""
