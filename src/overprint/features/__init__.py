"""The rooms, top floor first: books; jobs; library; teams; accounts; audit. A room is entered by its front door."""
