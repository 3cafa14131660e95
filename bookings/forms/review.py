from django import forms

from events.models import Review

RATINGS = [(5, "5, wonderful"), (4, "4, good"), (3, "3, fair"), (2, "2, poor"), (1, "1, bad")]


class ReviewForm(forms.ModelForm):
    rating = forms.TypedChoiceField(
        label="Your rating", choices=RATINGS, coerce=int, widget=forms.RadioSelect
    )

    class Meta:
        model = Review
        fields = ("rating", "text")
        labels = {"text": "What was it like?"}
        widgets = {"text": forms.Textarea(attrs={"rows": 6})}
