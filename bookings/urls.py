from django.urls import include, path

from bookings.views import booking, booking_tickets, hold, mine, review, ticket, waitlist
from bookings.views.hosting import attendee_imports as hosted_imports
from bookings.views.hosting import attendees as hosted_attendees
from bookings.views.hosting import bookings as hosted
from bookings.views.hosting import codes as hosted_codes
from bookings.views.hosting import (
    dashboard,
    dates,
    duplicate,
    publishing,
    repeat,
    shared_capacities,
    ticket_types,
    times_and_place,
    what,
)
from bookings.views.hosting import door as hosted_door
from bookings.views.hosting import event as hosted_event
from bookings.views.hosting import figures as hosted_figures
from bookings.views.hosting import letters as hosted_letters
from bookings.views.hosting import mail as hosted_mail
from bookings.views.hosting import questions as hosted_questions
from bookings.views.hosting import tickets as hosted_tickets

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
    path("messages/", hosted_letters.list_letters, name="hosted_messages"),
    path("messages/new/", hosted_letters.write, name="hosted_new_message"),
    path("messages/<uuid:key>/", hosted_letters.show, name="hosted_message"),
    path("messages/<uuid:key>/edit/", hosted_letters.write, name="hosted_edit_message"),
    path("messages/<uuid:key>/test/", hosted_letters.try_out, name="hosted_test_message"),
    path("messages/<uuid:key>/discard/", hosted_letters.discard, name="hosted_discard_message"),
    path("bookings/<str:reference>/note/", hosted.change_note, name="hosted_note"),
    path("attendees/", hosted_attendees.list_attendees, name="hosted_attendees"),
    path("attendees.csv", hosted_attendees.export_csv, name="hosted_attendees_csv"),
    path("attendees.xlsx", hosted_attendees.export_xlsx, name="hosted_attendees_xlsx"),
    path("attendees/add/", hosted_attendees.add, name="hosted_add_attendee"),
    path("attendees/import/", hosted_imports.upload, name="hosted_import"),
    path("attendees/imports/<int:import_id>/", hosted_imports.watch, name="hosted_import_watch"),
    path(
        "attendees/imports/<int:import_id>/again/", hosted_imports.again, name="hosted_import_again"
    ),
    path("tickets/<int:ticket_id>/name/", hosted_tickets.rename, name="hosted_rename"),
    path("tickets/<int:ticket_id>/type/", hosted_tickets.move, name="hosted_move"),
    path("door/", hosted_door.show, name="hosted_door"),
    path("tickets/<int:ticket_id>/check-in/", hosted_door.check_in, name="hosted_check_in"),
    path("tickets/<int:ticket_id>/check-in/undo/", hosted_door.undo, name="hosted_undo_check_in"),
    path("messages/<int:message_id>/resend/", hosted_mail.resend, name="resend"),
    path("edit/", publishing.overview, name="hosted_edit"),
    path("edit/what/", what.edit, name="hosted_what"),
    path("edit/when/", times_and_place.edit_when, name="hosted_when"),
    path("edit/where/", times_and_place.edit_where, name="hosted_where"),
    path("edit/tickets/", ticket_types.list_types, name="hosted_tickets"),
    path("edit/tickets/new/", ticket_types.create, name="hosted_new_ticket_type"),
    path("edit/tickets/shared/new/", shared_capacities.create, name="hosted_new_shared_capacity"),
    path(
        "edit/tickets/shared/<int:shared_capacity_id>/",
        shared_capacities.edit,
        name="hosted_shared_capacity",
    ),
    path(
        "edit/tickets/shared/<int:shared_capacity_id>/delete/",
        shared_capacities.delete,
        name="hosted_delete_shared_capacity",
    ),
    path("edit/tickets/<int:ticket_type_id>/", ticket_types.edit, name="hosted_ticket_type"),
    path(
        "edit/tickets/<int:ticket_type_id>/move/",
        ticket_types.move,
        name="hosted_move_ticket_type",
    ),
    path(
        "edit/tickets/<int:ticket_type_id>/delete/",
        ticket_types.delete,
        name="hosted_delete_ticket_type",
    ),
    path("publish/", publishing.publish, name="hosted_publish"),
    path("unpublish/", publishing.unpublish, name="hosted_unpublish"),
    path("reopen/", publishing.reopen, name="hosted_reopen"),
    path("delete/", publishing.delete, name="hosted_delete_draft"),
    path("duplicate/", duplicate.duplicate, name="hosted_duplicate"),
    path("repeat/", repeat.repeat, name="hosted_repeat"),
    path("dates/", dates.list_dates, name="hosted_dates"),
    path("dates/publish/", dates.publish, name="hosted_publish_dates"),
    path("cancel/", hosted_event.cancel, name="hosted_cancel_event"),
    path("figures/", hosted_figures.show, name="hosted_figures"),
    path("notices/<int:notice_id>/", hosted_event.watch_notice, name="hosted_notice"),
    path("questions/", hosted_questions.list_questions, name="hosted_questions"),
    path("questions/new/", hosted_questions.create, name="hosted_new_question"),
    path("questions/<int:question_id>/", hosted_questions.edit, name="hosted_question"),
    path("questions/<int:question_id>/move/", hosted_questions.move, name="hosted_move_question"),
    path(
        "questions/<int:question_id>/remove/",
        hosted_questions.remove,
        name="hosted_remove_question",
    ),
    path("questions/<int:question_id>/restore/", hosted_questions.restore, name="hosted_ask_again"),
    path("codes/", hosted_codes.list_codes, name="hosted_codes"),
    path("codes/new/", hosted_codes.create, name="hosted_new_code"),
    path("codes/<int:code_id>/", hosted_codes.edit, name="hosted_code"),
    path("codes/<int:code_id>/end/", hosted_codes.end, name="hosted_end_code"),
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
    path("hosting/", dashboard.show, name="hosting"),
    path("hosting/<slug:slug>/", include(hosting_patterns)),
]
