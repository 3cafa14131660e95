"""What a host sends of an event's pictures: files, and the order and descriptions of those that are
there. Both are in one form, so that nothing that was typed is lost, whichever button sends it.
"""

from typing import Any

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.http import QueryDict

from events.exceptions import EventError
from events.images.reading import MOST_BYTES
from events.models import EventImage, ImageState
from events.services.images import Added, digest_of, read_upload

MOST_AT_ONCE = 10
MEGABYTE = 2**20
# Of a form with its files: some full ones, or many as phones make them.
MOST_BYTES_AT_ONCE = 60 * MEGABYTE

# What a button is named, and what it says; of an image it says "up-12".
BUTTON = "do"
ADD, UP, DOWN, REMOVE = "add", "up", "down", "remove"


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files, also none; what is in them is not looked at here."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = [file for file in data or [] if file]
        if len(files) > MOST_AT_ONCE:
            raise forms.ValidationError(
                f"These are {len(files)} pictures: send {MOST_AT_ONCE} at most at a time.",
                code="too_many",
            )
        return files


class UploadForm(forms.Form):
    images = FilesField(
        label="Add pictures",
        required=False,
        help_text=(
            "Several at once if you like: JPEG, PNG, WebP, AVIF or GIF, up to"
            f" {MOST_BYTES // MEGABYTE} MB each and {MOST_BYTES_AT_ONCE // MEGABYTE} MB together."
        ),
        widget=FilesInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/avif,image/gif"}),
    )

    def clean_images(self) -> list[UploadedFile]:
        files: list[UploadedFile] = self.cleaned_data["images"]
        if not files and self.data.get(BUTTON) == ADD:
            raise forms.ValidationError("Choose at least one picture.", code="required")
        return files

    def say_what_was_refused(self, added: Added) -> None:
        for name, reason in added.refused:
            self.add_error("images", f"{name}: {reason}")


class ArrangementForm(forms.Form):
    """The images of an event as they stand in the page, each with its description."""

    def __init__(self, images: list[EventImage], data: QueryDict | None = None) -> None:
        super().__init__(data)
        self._sent_order = data.getlist("order") if data is not None else []
        self._images = {str(image.pk): image for image in images}
        for pk, image in self._images.items():
            self.fields[f"alt_{pk}"] = _alt_field(image)

    @property
    def rows(self) -> list[tuple[EventImage, forms.BoundField]]:
        """In the order that was sent; those that the sender did not see yet come last."""
        sent = [pk for pk in dict.fromkeys(self._sent_order) if pk in self._images]
        keys = sent + [pk for pk in self._images if pk not in sent]
        return [(self._images[pk], self[f"alt_{pk}"]) for pk in keys]

    @property
    def order(self) -> list[int]:
        """Ids of images, after the button that was pressed."""
        order = [image.pk for image, _field in self.rows]
        action, image = self._pressed
        if image and action in (UP, DOWN):
            place = order.index(image.pk)
            order.insert(max(0, place - 1) if action == UP else place + 1, order.pop(place))
        return order

    @property
    def alt_texts(self) -> dict[int, str]:
        """Of the images that the sender saw."""
        return {
            image.pk: self.cleaned_data[f"alt_{pk}"]
            for pk, image in self._images.items()
            if f"alt_{pk}" in self.data
        }

    @property
    def removed(self) -> EventImage | None:
        """Which image the button means to delete."""
        action, image = self._pressed
        return image if action == REMOVE else None

    @property
    def _pressed(self) -> tuple[str, EventImage | None]:
        action, _, pk = self.data.get(BUTTON, "").partition("-")
        return action, self._images.get(pk)


def _alt_field(image: EventImage) -> forms.CharField:
    return forms.CharField(
        label="What it shows",
        required=False,
        max_length=EventImage._meta.get_field("alt_text").max_length,
        initial=image.alt_text,
    )


class EventImageForm(forms.ModelForm):
    """One image in the admin. What is uploaded is read as a host's is."""

    class Meta:
        model = EventImage
        fields = ("image", "alt_text", "position")

    def clean_image(self) -> Any:
        file = self.cleaned_data["image"]
        if not isinstance(file, UploadedFile):
            return file
        try:
            digest, picture = digest_of(file), read_upload(file)
        except EventError as error:
            raise forms.ValidationError(str(error), code=error.code) from error
        self.instance.digest = digest
        self.instance.state, self.instance.widths = ImageState.QUEUED, []
        return SimpleUploadedFile("picture.jpg", picture.content, "image/jpeg")


class EventImageFormSet(forms.BaseInlineFormSet):
    def clean(self) -> None:
        super().clean()
        kept = [form.instance for form in self.forms if form not in self.deleted_forms]
        digests = [image.digest for image in kept if image.digest]
        if len(digests) != len(set(digests)):
            raise forms.ValidationError("The same picture is there twice.", code="twice")
