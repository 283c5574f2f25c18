from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeshare.files.attributes import Attributes
from codeshare.files.classify import Classifier
from codeshare.model import FileClass


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("src/app.py", "code"),
        ("cmd/bd/main.go", "code"),
        ("web/src/App.tsx", "code"),
        ("styles/site.css", "code"),
        ("migrations/0001_add.sql", "code"),
        ("git-gui/lib/merge.tcl", "code"),
        ("bin/deploy", "code"),
        ("install.ps1", "code"),
        ("license.go", "code"),
        ("pkg/latest.java", "code"),
        ("pkg/LoginTest.java", "test"),
        ("tests/unit/test_app.py", "test"),
        ("src/test_app.py", "test"),
        ("src/contest_py.py", "code"),
        ("pkg/app_test.go", "test"),
        ("web/src/App.spec.ts", "test"),
        ("web/__tests__/app.ts", "test"),
        ("conftest.py", "test"),
        ("t/t3413-rebase-hook.sh", "test"),
        ("contrib/subtree/t/t7900-subtree.sh", "test"),
        ("lib/t/x.sh", "code"),
        ("README", "docs"),
        ("LICENSE", "docs"),
        ("docs/conf.py", "docs"),
        ("src/docs/render.py", "code"),
        ("Documentation/git-push.adoc", "docs"),
        ("notes.txt", "docs"),
        ("templates/agents.md.tmpl", "docs"),
        ("Makefile", "config"),
        ("Dockerfile.dev", "config"),
        ("src/CMakeLists.txt", "config"),
        ("pyproject.toml", "config"),
        ("requirements-dev.txt", "config"),
        ("package.json", "config"),
        (".github/workflows/ci.yml", "config"),
        (".prettierrc", "config"),
        ("config/services.json", "config"),
        ("src/words.json", "data"),
        ("data/rows.csv", "data"),
        ("po/de.po", "data"),
        ("static/logo.svg", "data"),
        ("notebooks/a.ipynb", "data"),
        ("tests/rows.csv", "data"),
        ("strange.qqq", "data"),
        ("package-lock.json", "lock"),
        ("web/yarn.lock", "lock"),
        ("go.sum", "lock"),
        ("vendor/golang.org/x/go.sum", "lock"),
        ("vendor/github.com/x/y.go", "vendored"),
        ("third_party/zlib/inflate.c", "vendored"),
        ("web/node_modules/a/index.js", "vendored"),
        (".yarn/releases/yarn-4.cjs", "vendored"),
        ("api/user.pb.go", "generated"),
        ("api/user_pb2.py", "generated"),
        ("dist/app.min.js", "generated"),
        ("web/__snapshots__/a.test.ts.snap", "generated"),
        ("cmd/testdata/list.txt", "generated"),
        (".idea/workspace.xml", "generated"),
    ],
)
def test_class_of_a_path(path: str, expected: str) -> None:
    assert Classifier().classify(path) == FileClass(expected)


def test_a_binary_file_is_binary_whatever_its_path() -> None:
    assert Classifier().classify("docs/logo.png", is_binary=True) is FileClass.BINARY


@pytest.mark.parametrize(
    ("attributes", "path", "expected"),
    [
        ("src/gen.py linguist-generated", "src/gen.py", "generated"),
        ("src/gen.py linguist-generated=true", "src/gen.py", "generated"),
        ("*.py gitlab-generated", "a/b.py", "generated"),
        ("src/** linguist-vendored", "src/a/b.py", "vendored"),
        ("guide/** linguist-documentation", "guide/a.py", "docs"),
        ("docs/** -linguist-documentation", "docs/conf.py", "code"),
        ("vendor/** -linguist-vendored", "vendor/own/a.go", "code"),
        ("vendor/** linguist-vendored=false", "vendor/own/a_test.go", "test"),
        ("*.pb.go -linguist-generated", "api/user.pb.go", "code"),
        ("go.sum -linguist-generated", "go.sum", "config"),
        ("*.bin binary", "a.bin", "binary"),
        ("*.py linguist-generated\nown.py !linguist-generated", "own.py", "code"),
        ("[attr]made linguist-generated\n*.x made", "a.x", "generated"),
    ],
)
def test_attributes_come_first(attributes: str, path: str, expected: str) -> None:
    files = Attributes.parse({".gitattributes": attributes.encode()})
    assert Classifier(files).classify(path) == FileClass(expected)


def test_a_header_makes_a_file_generated_unless_attributes_say_no() -> None:
    assert Classifier(generated={"src/a.py"}).classify("src/a.py") is FileClass.GENERATED
    refused = Attributes.parse({".gitattributes": b"src/a.py -linguist-generated"})
    assert Classifier(refused, {"src/a.py"}).classify("src/a.py") is FileClass.CODE


@pytest.mark.parametrize(
    ("path", "language"),
    [
        ("a.py", "python"),
        ("a.pyi", "python"),
        ("a.c", "c"),
        ("a.h", "c"),
        ("a.hpp", "c++"),
        ("a.rs", "rust"),
        ("a.ts", "typescript"),
        ("a.tsx", "typescript"),
        ("a.jsx", "javascript"),
        ("a.md", "markdown"),
        ("git-send-email.perl", "perl"),
        ("t/t0001.t", "perl"),
        ("Makefile", "make"),
        ("a.sh", "shell"),
        ("Cargo.lock", "toml"),
        ("x.csproj", "xml"),
        ("a.unheard", None),
        ("bin/run", None),
    ],
)
def test_language_by_name(path: str, language: str | None) -> None:
    assert Classifier().language(path) == language


def test_the_attribute_names_the_language() -> None:
    files = Attributes.parse({".gitattributes": b"*.inc linguist-language=PHP\n"})
    assert Classifier(files).language("a/b.inc") == "php"


@given(st.text(max_size=60))
def test_every_path_has_one_class(path: str) -> None:
    classifier = Classifier()
    assert classifier.classify(path) is classifier.classify(path)
    assert classifier.classify(path) in FileClass


def test_ten_thousand_paths_take_well_under_a_second() -> None:
    paths = [
        f"src/module{n % 97}/part{n}/file_{n}.{ending}"
        for n in range(2500)
        for ending in ("py", "c", "md", "x")
    ]
    classifier = Classifier()
    start = time.process_time()
    for path in paths:
        classifier.classify(path)
    assert time.process_time() - start < 1.0
