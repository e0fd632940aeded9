# PIP_INDEX_URL and UV_DEFAULT_INDEX may name a mirror: docker compose build --build-arg …
FROM python:3.11-slim AS build
ARG PIP_INDEX_URL
ARG UV_DEFAULT_INDEX
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
COPY requirements/uv.lock requirements/base.lock requirements/
RUN python -m venv /uv \
 && /uv/bin/pip install --quiet --require-hashes -r requirements/uv.lock \
 && python -m venv --without-pip /venv \
 && /uv/bin/uv pip sync --no-cache --compile-bytecode --require-hashes \
    --python /venv/bin/python requirements/base.lock
COPY . .
RUN /venv/bin/python -m config.words compile \
 && SECRET_KEY=build HTTPS=1 STATIC_ROOT=/app/static DATA_DIR=/tmp/build \
    /venv/bin/python manage.py collectstatic --noinput --verbosity 0

FROM python:3.11-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DATA_DIR=/data MEDIA_ROOT=/media STATIC_ROOT=/app/static
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin app \
 && install -d -o app -g app -m 750 /data /media
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
USER app
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s CMD \
    ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=3)"]
CMD ["gunicorn", "--config", "python:config.gunicorn", "--bind", "0.0.0.0:8000", \
     "--worker-tmp-dir", "/dev/shm", "config.wsgi"]
