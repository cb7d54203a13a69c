# CPU image: torch's CPU wheel can come from an index given at build time,
#   docker build --build-arg PIP_EXTRA_INDEX_URL=… -t spectra-vae .
FROM python:3.11-slim AS build
ARG PIP_EXTRA_INDEX_URL=""
WORKDIR /build
RUN python -m venv /venv
ENV PATH=/venv/bin:$PATH PIP_EXTRA_INDEX_URL=$PIP_EXTRA_INDEX_URL
COPY constraints.txt pyproject.toml README.md LICENSE ./
# Dependencies first: they change seldom, so this layer is reused.
RUN mkdir spectra_vae assets && touch spectra_vae/__init__.py \
    && pip install --no-cache-dir -c constraints.txt '.[formats,cluster]' && pip uninstall -y spectra-vae
COPY assets assets
COPY spectra_vae spectra_vae
RUN pip install --no-cache-dir --no-deps .

FROM python:3.11-slim
RUN useradd --create-home --uid 1000 spectra && mkdir /data && chown spectra /data
COPY --from=build /venv /venv
WORKDIR /app
COPY app.py gunicorn.conf.py ./
ENV PATH=/venv/bin:$PATH SPECTRA_VAE_HOME=/data \
    OMP_NUM_THREADS=1 PYTHONUNBUFFERED=1 HOST=0.0.0.0 PORT=8050
USER spectra
VOLUME /data
EXPOSE 8050
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD python -c "import os, urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/health')"
# Both in one container: the worker that trains, and the server that shows it.
CMD ["sh", "-c", "spectra-vae worker & exec gunicorn app:server"]
