"""Tests of what commands share: exit codes, the doctor, keeping a data folder."""
