"""What this SCIM service offers, and where it goes further than the protocol's core does by itself."""

from __future__ import annotations

import functools
import re
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core import signing
from scim2_models import (
    AuthenticationScheme,
    ExpiredCursorException,
    InvalidCountException,
    InvalidCursorException,
    Resource,
    ResponseParameters,
    ScimPolicy,
    ScimProvider,
    ServiceProviderConfig,
)
from scim2_models import Context, Pagination
from scim2_server.handler import ScimHandler
from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse
from scim2_server.routing import Operation
from scim2_server.service import ScimService
from scim2_server.utils import load_default_provider

from orgmodel.scim.storage import OrgStorage

PAGE_LIMIT = 200
BULK_OPERATIONS, BULK_BYTES = 1_000, 5 * 1024 * 1024
LIST_RESPONSE = "urn:ietf:params:scim:api:messages:2.0:ListResponse"

POLICY = ScimPolicy(
    unknown=ScimPolicy.Unknown.ignore,
    remove_value_as_filter=ScimPolicy.RemoveValue.apply,
    unmatched_path_filter=ScimPolicy.UnmatchedPathFilter.create,
)
"""What Microsoft Entra needs beyond the letter of the protocol."""


@functools.cache
def provider() -> ScimProvider:
    known = load_default_provider()
    config = ServiceProviderConfig.model_validate(
        {
            "documentationUri": "https://datatracker.ietf.org/doc/html/rfc7644",
            "patch": {"supported": True},
            "bulk": {"supported": True, "maxOperations": BULK_OPERATIONS, "maxPayloadSize": BULK_BYTES},
            "filter": {"supported": True, "maxResults": PAGE_LIMIT},
            "changePassword": {"supported": False},
            "sort": {"supported": True},
            "etag": {"supported": True},
            "pagination": {
                "cursor": True,
                "index": True,
                "defaultPaginationMethod": "index",
                "defaultPageSize": 100,
                "maxPageSize": PAGE_LIMIT,
                "cursorTimeout": 3600,
            },
            "authenticationSchemes": [
                {
                    "type": "oauthbearertoken",
                    "name": "Token of an integration",
                    "description": "A token with the scope scim, sent as Authorization: Bearer om_…",
                    "primary": True,
                }
            ],
        }
    )
    return ScimProvider.from_discovery(known.schemas, known.resource_types, config=config, policy=POLICY)
