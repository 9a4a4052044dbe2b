"""Parts of the room's pipeline, a file each: what they add to a job, and the bodies of their steps."""
