"""The videos room's manifest."""

from overprint.features.videos.pipeline import pipeline

PIPELINES = (pipeline,)
