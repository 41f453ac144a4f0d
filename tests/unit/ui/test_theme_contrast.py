from itertools import product

import pytest

from ui.theme import DARK, LIGHT, Colours, Tone, contrast

# WCAG 2.1, success criterion 1.4.3: text needs 4.5 : 1.
ENOUGH = 4.5
BOTH = pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])


def test_black_on_white_has_the_greatest_contrast_there_is():
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#ffffff", "#ffffff") == pytest.approx(1.0)


def test_the_grey_that_only_just_passes_on_white_is_known():
    # #767676 is the lightest grey that passes on white; #777777 fails.
    assert contrast("#767676", "#ffffff") >= ENOUGH
    assert contrast("#777777", "#ffffff") < ENOUGH


@BOTH
def test_every_tone_can_be_read_on_every_ground(colours: Colours):
    bad = [
        (tone, ground)
        for tone, ground in product(Tone, colours.grounds())
        if contrast(colours.tones[tone], ground) < ENOUGH
    ]
    assert bad == []


@BOTH
def test_every_tone_can_be_read_on_its_own_tint_and_so_can_plain_text(colours: Colours):
    for tone in Tone:
        assert contrast(colours.tones[tone], colours.tints[tone]) >= ENOUGH, tone
        assert contrast(colours.tones[Tone.NORMAL], colours.tints[tone]) >= ENOUGH, tone


@BOTH
def test_the_text_of_a_primary_button_can_be_read(colours: Colours):
    for ground in (colours.tones[Tone.ACCENT], colours.accent_hover):
        assert contrast(colours.on_accent, ground) >= ENOUGH


@BOTH
def test_no_two_statuses_share_a_colour(colours: Colours):
    assert len(set(colours.tones.values())) == len(Tone)
