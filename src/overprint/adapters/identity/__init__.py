"""Who somebody is.

- ``embedded``: passwords that are kept here, hashed with argon2id
- ``oidc``: any OpenID provider; ``discovery``: what it says of itself; ``tokens``: what it signs
- ``github``: GitHub, which speaks OAuth 2 without signed identities
- ``exchange``: asking either of them something
"""
