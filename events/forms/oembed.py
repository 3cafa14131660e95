from django import forms


class OEmbedForm(forms.Form):
    """The query of a request for embedding, in the words of oembed.com."""

    url = forms.CharField(max_length=2000)
    format = forms.CharField(max_length=20, required=False)
    maxwidth = forms.IntegerField(min_value=1, required=False)  # pixels
    maxheight = forms.IntegerField(min_value=1, required=False)
