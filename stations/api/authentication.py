"""The token header, with refusals in the reader's language and no error for odd bytes in it."""

from __future__ import annotations

from hmac import compare_digest
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from knox.auth import TokenAuthentication as KnoxAuthentication
from knox.crypto import hash_token
from knox.models import AuthToken
from knox.settings import CONSTANTS
from rest_framework.exceptions import AuthenticationFailed

from stations.lookups import Lookup

_by_key = Lookup(lambda: AuthToken.objects.select_related("user"), "token_key")


class TokenAuthentication(KnoxAuthentication):
    def authenticate(self, request: Any) -> Any:
        try:
            return super().authenticate(request)
        except (AuthenticationFailed, UnicodeDecodeError):
            raise AuthenticationFailed(_("登录已失效，请重新登录。")) from None

    def authenticate_credentials(self, token: bytes) -> tuple[Any, AuthToken]:
        """As knox does it, with the one look-up every call of every phone needs."""
        told = token.decode()
        digest = hash_token(told)
        for held in _by_key.all(told[: CONSTANTS.TOKEN_KEY_LENGTH]):
            if compare_digest(digest, held.digest) and not self._cleanup_token(held):
                return self.validate_user(held)
        raise AuthenticationFailed

    def _cleanup_token(self, auth_token: Any) -> bool:
        """Only this one: knox reads all the account's tokens on every request."""
        is_over = auth_token.expiry is not None and auth_token.expiry < timezone.now()
        if is_over:
            auth_token.delete()
        return bool(is_over)


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "stations.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token <token>`",
        }
