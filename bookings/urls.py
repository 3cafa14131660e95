from django.urls import include, path

from bookings.views import booking, booking_tickets, hold, mine, review, ticket, waitlist
from bookings.views.hosting import bookings as hosted
from bookings.views.hosting import event as hosted_event
from bookings.views.hosting import mail as hosted_mail

app_name = "bookings"

hosting_patterns = [
    path("bookings/", hosted.list_bookings, name="hosted_bookings"),
    path("bookings/<str:reference>/", hosted.detail, name="hosted_booking"),
    path("bookings/<str:reference>/cancel/", hosted.cancel, name="hosted_cancel_booking"),
    path(
        "bookings/<str:reference>/confirmation/",
        hosted_mail.send_confirmation,
        name="hosted_confirmation",
    ),
    path("messages/<int:message_id>/resend/", hosted_mail.resend, name="resend"),
    path("cancel/", hosted_event.cancel, name="hosted_cancel_event"),
    path("notices/<int:notice_id>/", hosted_event.watch_notice, name="hosted_notice"),
]

urlpatterns = [
    path("event/<slug:slug>/book/", hold.create, name="create"),
    path("event/<slug:slug>/wait/<int:ticket_type_id>/", waitlist.join, name="join_waitlist"),
    path("event/<slug:slug>/review/", review.write, name="review"),
    path("bookings/", mine.list_bookings, name="list"),
    path("bookings/<str:reference>/", booking.detail, name="detail"),
    path("bookings/<str:reference>/confirm/", booking.confirm, name="confirm"),
    path("bookings/<str:reference>/extend/", booking.extend, name="extend"),
    path("bookings/<str:reference>/give-back/", booking.give_back, name="give_back"),
    path("bookings/<str:reference>/cancel/", booking.cancel, name="cancel"),
    path("bookings/<str:reference>/names/", booking_tickets.rename, name="rename"),
    path("bookings/<str:reference>/tickets.pdf", booking_tickets.pdf, name="tickets_pdf"),
    path("bookings/<str:reference>/event.ics", booking_tickets.calendar, name="booking_ics"),
    path("tickets/<str:code>/", ticket.show, name="ticket"),
    path("tickets/<str:code>/name/", ticket.rename, name="rename_ticket"),
    path("tickets/<str:code>/send-on/", ticket.send_on, name="send_on"),
    path("tickets/<str:code>/ticket.pdf", ticket.pdf, name="ticket_pdf"),
    path("tickets/<str:code>/event.ics", ticket.calendar, name="ticket_ics"),
    path("waiting/<str:reference>/", waitlist.show, name="waiting"),
    path("waiting/<str:reference>/leave/", waitlist.leave, name="leave_waitlist"),
    path("hosting/<slug:slug>/", include(hosting_patterns)),
]
