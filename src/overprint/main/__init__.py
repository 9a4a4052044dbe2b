"""The command line, where heavy parts are loaded late."""
