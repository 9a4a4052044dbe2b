"""The videos room's manifest."""

from overprint.features.videos.pipeline import pipeline
from overprint.features.videos.projection import VideosProjection

PIPELINES = (pipeline,)
PARTICIPANTS = (VideosProjection(),)
