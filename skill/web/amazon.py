"""Amazon's Flask extension, imported without the library that stops it from being imported.

`flask-ask-sdk` 1.0.0 imports `certvalidator` for a signature check of its own. That needs `oscrypto` 1.3.0,
which reads one digit for each part of OpenSSL's version and fails on 3.0.10 and later
(github.com/wbond/oscrypto/issues/75 and 78; mended there, never released). We check signatures elsewhere
(`skill.web.verification`), so stand-ins take the library's place while the extension is imported, whatever
the OpenSSL: one code path, nothing installed is touched, and afterwards nobody else can meet them.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Final, NoReturn


def _not_here(*_: object, **__: object) -> NoReturn:
    raise RuntimeError("certvalidator is kept out; signatures are checked in skill.web.verification")


def _stand_ins() -> dict[str, ModuleType]:
    library, errors = ModuleType("certvalidator"), ModuleType("certvalidator.errors")
    vars(library).update(CertificateValidator=_not_here, errors=errors)
    vars(errors).update(ValidationError=type("ValidationError", (Exception,), {}))
    vars(errors).update(PathError=type("PathError", (Exception,), {}))
    return {"certvalidator": library, "certvalidator.errors": errors}


_STAND_INS: Final = _stand_ins()
sys.modules.update(_STAND_INS)
try:
    from flask_ask_sdk.skill_adapter import SkillAdapter
finally:
    for _name in _STAND_INS:
        del sys.modules[_name]

__all__ = ["SkillAdapter"]
