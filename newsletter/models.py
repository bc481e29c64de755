"""Every table of the post office, for migrations and tests: importing this fills ``Base.metadata``."""

import newsletter.delivery.model
import newsletter.editions.model
import newsletter.subscribers.model  # noqa: F401
