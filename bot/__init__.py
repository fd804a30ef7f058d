"""Composition root: the only place that builds and joins the parts."""
