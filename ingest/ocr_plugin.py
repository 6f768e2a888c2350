"""What OCRmyPDF runs of ours: it says which page was read, and how sure Tesseract is of its words.

Only the process that `ingest.ocr_child` becomes imports this; the archive never imports OCRmyPDF.
"""

import json
import os
import re
from pathlib import Path
from typing import Any

from ocrmypdf import hookimpl
from ocrmypdf.builtin_plugins.tesseract_ocr import TesseractOcrEngine

REPORT = "ARCHIVE_OCR_REPORT"
_SURE = re.compile(r"x_wconf (\d{1,3})")


class Engine(TesseractOcrEngine):
    """Tesseract, as OCRmyPDF runs it; each page leaves a line in the report."""

    @staticmethod
    def generate_hocr(input_file: Any, output_hocr: Any, output_text: Any, options: Any) -> None:
        """Reads one page."""
        TesseractOcrEngine.generate_hocr(input_file, output_hocr, output_text, options)
        sure = [int(one) for one in _SURE.findall(Path(output_hocr).read_text("utf-8", "replace"))]
        line = json.dumps({"words": len(sure), "sure": sum(sure)}) + "\n"
        # One write of a short line: lines of pages that are read side by side do not mix.
        report = os.open(os.environ[REPORT], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(report, line.encode())
        finally:
            os.close(report)


@hookimpl
def get_ocr_engine(options: Any) -> TesseractOcrEngine | None:
    """Our engine, unless another is asked for."""
    wanted = getattr(options, "ocr_engine", "auto") if options is not None else "auto"
    return Engine() if wanted in ("auto", "tesseract") else None
