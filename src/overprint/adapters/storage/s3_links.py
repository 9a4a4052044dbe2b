"""Links that the store itself serves: Amazon's signature version 4 in the query."""

from urllib.parse import quote

from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from overprint.adapters.storage.s3_config import S3Config


def presigned(config: S3Config, key: str, seconds: int, file_name: str | None) -> str:
    """A link that lives for ``seconds`` from now by this machine's clock; ``file_name`` is what it downloads as.

    botocore's signer is used without its client, which would read settings of the home directory.
    """
    params = {} if file_name is None else {"response-content-disposition": content_disposition(file_name)}
    request = AWSRequest("GET", f"{config.public_bucket_url}/{config.key_in_bucket(key)}", params=params)
    credentials = Credentials(config.access_key_id, config.secret_access_key)
    S3SigV4QueryAuth(credentials, "s3", config.region, expires=seconds).add_auth(request)
    return str(request.url)


def content_disposition(file_name: str) -> str:
    """The header that makes a browser save under ``file_name`` (RFC 6266), with a plain name for old programs."""
    plain = "".join(letter if letter.isascii() and letter.isprintable() else "_" for letter in file_name)
    plain = plain.replace("\\", "_").replace('"', "_").replace("%", "_")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file_name, safe='')}"
