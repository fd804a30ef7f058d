"""What people and the calendar can make the programme do: one function an act, one transaction an act."""
