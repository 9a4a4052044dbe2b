"""The accounts room as JSON, and who asks: ``identifying`` is what every route of the house goes by."""
