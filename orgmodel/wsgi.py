"""What gunicorn serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "orgmodel.settings")

application = get_wsgi_application()

# What is imported by now stays, and a page makes some thousand objects that go at once: collect less often.
gc.freeze()
gc.set_threshold(10_000, 20, 20)
