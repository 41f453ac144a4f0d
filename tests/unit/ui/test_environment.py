import pytest

from ui.translation import prepare_environment


@pytest.mark.parametrize("module", ["fcitx", "fcitx5", "Fcitx"])
def test_fcitx_is_reached_through_ibus(module: str):
    environ = {"QT_IM_MODULE": module}
    prepare_environment(environ)
    assert environ == {"QT_IM_MODULE": "ibus"}


@pytest.mark.parametrize("environ", [{}, {"QT_IM_MODULE": "ibus"}, {"QT_IM_MODULE": "xim"}])
def test_other_input_methods_are_left_alone(environ: dict[str, str]):
    before = dict(environ)
    prepare_environment(environ)
    assert environ == before
