"""The rules of the terms of sale (CGV) and of the law: pure functions over values and dates."""
