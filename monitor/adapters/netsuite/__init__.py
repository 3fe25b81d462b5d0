"""NetSuite: sign in, ask SuiteQL by keyset pages, turn rows into records. It only ever reads."""

from monitor.adapters.netsuite.auth import Credentials, OAuth2, TokenBased
from monitor.adapters.netsuite.options import NetSuiteOptions
from monitor.adapters.netsuite.source import NetSuite

__all__ = ["Credentials", "NetSuite", "NetSuiteOptions", "OAuth2", "TokenBased"]
