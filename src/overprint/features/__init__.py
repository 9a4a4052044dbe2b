"""The rooms, top floor first: books; jobs; library and photos; billing; teams;
accounts; audit. A room is entered by its front door."""
