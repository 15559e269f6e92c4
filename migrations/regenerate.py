"""Writes the initial migration anew from the models. Only before the first release: later every change is a migration."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from flask_migrate import revision

from app import create_app

VERSIONS = Path(__file__).parent / "versions"

# Alembic leaves out foreign keys of a circle of tables; SQLite has them inline already.
CIRCLE = """
    if op.get_bind().dialect.name != "sqlite":
        op.create_foreign_key(
            "fk_segment_interaction_id",
            "segment",
            "segment_interaction",
            ["interaction_id"],
            ["id"],
            deferrable=True,
            initially="DEFERRED",
        )


def downgrade() -> None:"""


def regenerate() -> None:
    """Replaces versions/0001_initial.py."""
    with tempfile.TemporaryDirectory() as folder:
        old = VERSIONS / "0001_initial.py"
        kept = old.read_text() if old.exists() else None
        old.unlink(missing_ok=True)
        later = [Path(shutil.move(path, folder)) for path in VERSIONS.glob("0*.py")]
        app = create_app({"SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder}/empty.db", "SECRET_KEY": "x"})
        try:
            with app.app_context():
                revision(message="initial", autogenerate=True, rev_id="0001")
            text = old.read_text()
            before, after = text.split("\n\ndef downgrade() -> None:")
            old.write_text(
                before.rstrip().removesuffix("# ### end Alembic commands ###").rstrip() + "\n" + CIRCLE + after
            )
        except BaseException:
            if kept is not None:
                old.write_text(kept)
            raise
        finally:
            for path in later:
                shutil.move(path, VERSIONS)


if __name__ == "__main__":
    regenerate()
