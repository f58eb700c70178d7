from notifications.models.notice import Notification

__all__ = ["Notification"]
