"""No provider is waited for without end, however it keeps us waiting."""

import pytest

from overprint.adapters.hosted.endpoint import Patience
from overprint.adapters.text.openai_compatible import OpenAICompatibleText
from overprint.ports.errors import Unavailable
from tests.contracts.text.conftest import listen, request_for
from tests.support.model_server import Hangs, ModelServer, Says


@pytest.mark.parametrize("patience", [Patience(silence_seconds=0.2), Patience(total_seconds=0.2)])
@pytest.mark.parametrize("behaviour", [Hangs(), Says('{"pages": [{"paragraphs": ["Once upon a time', hangs_after=0)])
async def test_silence_and_slowness_both_have_an_end(
    server: ModelServer, patience: Patience, behaviour: Hangs | Says
) -> None:
    server.plan(behaviour)
    writer = OpenAICompatibleText(model="gpt-test", api_key=server.key, base_url=server.url, patience=patience)
    with pytest.raises(Unavailable, match="too long") as failed:
        await listen(writer, request_for("chapter"))
    assert failed.value.in_doubt
