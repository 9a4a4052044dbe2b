"""What people are told of without asking: works that ended, credits that run low. A list for each, and mails."""

from overprint.features.notifications.projection import NotificationsProjection
from overprint.features.notifications.service import Notifications

__all__ = ["Notifications", "NotificationsProjection"]
