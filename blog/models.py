"""Every table of the house, for migrations and tests: importing this fills ``Base.metadata``."""

import blog.accounts.model
import blog.authors.model
import blog.demo.model
import blog.images.model
import blog.pagecache.model
import blog.posts.desk_model
import blog.posts.heralding_model
import blog.posts.model
import blog.posts.page_model
import blog.posts.word_model
import blog.publication.model
import blog.signs.model
import blog.tally  # noqa: F401
