FROM python:3.13-slim

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
RUN useradd --system --uid 10001 --no-create-home orgmodel

# Pango and a font, for PDF and PNG files.
RUN apt-get update && apt-get install --yes --no-install-recommends libpangocairo-1.0-0 fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/*
COPY requirements/runtime.txt requirements/export.txt requirements/
RUN pip install --no-deps --require-hashes --requirement requirements/runtime.txt \
    && pip install --no-deps --require-hashes --requirement requirements/export.txt

COPY . .
# Collecting files needs a valid key but never uses it: this one exists for this command only.
RUN SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(64))')" ALLOWED_HOSTS=localhost \
    DATABASE_URL=sqlite://:memory: python manage.py collectstatic --noinput

USER orgmodel
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["python", "tools/healthcheck.py"]
# The rest is in gunicorn.conf.py. /dev/shm: gunicorn's heartbeat file must not wait for a slow disk.
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "--worker-tmp-dir", "/dev/shm"]
