from django import forms

LARGEST = 10_000  # pixels


class OEmbedForm(forms.Form):
    """The query of a request for embedding, in the words of oembed.com."""

    url = forms.CharField(max_length=2000)
    format = forms.CharField(max_length=20, required=False)
    maxwidth = forms.IntegerField(min_value=1, max_value=LARGEST, required=False)
    maxheight = forms.IntegerField(min_value=1, max_value=LARGEST, required=False)
