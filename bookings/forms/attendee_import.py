from django import forms
from django.core.files.uploadedfile import UploadedFile

MOST_BYTES = 16 * 2**20


class AttendeeFileForm(forms.Form):
    file = forms.FileField(
        label="CSV file",
        help_text="Up to 16 MB. Save a spreadsheet as “CSV UTF-8” first.",
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv"}),
    )
    is_free = forms.BooleanField(
        label="Free of charge",
        help_text="For guests, or tickets that were paid elsewhere. Otherwise they pay the usual"
        " price at the door.",
        required=False,
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError("The file is larger than 16 MB. Send it in parts.")
        return file
