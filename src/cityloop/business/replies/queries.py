"""What a reply lacks, and what one could start from. Nothing here is kept or sent."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from cityloop.business.cases.explaining import check_staff
from cityloop.business.cases.queries import get_case_by_number
from cityloop.business.cases.solved import question_of, solved_cases
from cityloop.city.accounts.domain import Viewer
from cityloop.engines.privacy import Mode, mask
from cityloop.engines.replies import Solved, Stage, check, draft


def findings_of(viewer: Viewer, *, text: str, number: str = "", stage: str) -> list[dict[str, Any]]:
    """What is to be mended in a reply, compared with what the case's reporter asked.

    Args:
        number: of the case it answers; "" = its matters are not compared.
    Raises: NotAllowed("case.staff"), NotFound("case.unknown").
    """
    check_staff(viewer)
    question = question_of(get_case_by_number(viewer, number)) if number else ""
    return [asdict(found) for found in check(text, question, Stage(stage))]


def reply_draft(viewer: Viewer, number: str, *, most_length: int) -> dict[str, Any]:
    """A draft from closed cases of the same class that the viewer may know of, masked.

    Raises: NotAllowed("case.staff"), NotFound("case.unknown").
    """
    check_staff(viewer)
    case = get_case_by_number(viewer, number)
    solved = solved_cases(viewer, case)
    titles = {one.number: one.question.split("\n", 1)[0] for one in solved}
    texts = [Solved(one.number, one.question, one.reply, one.places) for one in solved]
    made = draft(question_of(case), texts, most_length=most_length)
    return {
        "text": made.text,
        "pieces": [asdict(piece) for piece in made.pieces],
        "sources": [
            {
                "number": source,
                "title": mask(titles[source], Mode.LEAVING).text,
                "likeness": round(likeness, 3),
            }
            for source, likeness in made.sources
        ],
        "looked_at": len(solved),
    }
