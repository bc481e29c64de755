"""Every table of the post office, for migrations and tests: importing this fills ``Base.metadata``."""

import newsletter.delivery.model
import newsletter.doctor.model
import newsletter.editions.model
import newsletter.figures.model
import newsletter.lists.model
import newsletter.moving.model
import newsletter.returns.model
import newsletter.subscribers.model  # noqa: F401
