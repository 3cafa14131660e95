from django.core.mail import EmailMultiAlternatives

from eventmate.mail.composing import absolute, compose_mail, one_line
from events.models import HostInvitation
from events.team.links import join_path


def compose(invitation: HostInvitation) -> EmailMultiAlternatives:
    host = invitation.host
    host_name = one_line(host.name)
    inviter = invitation.invited_by
    return compose_mail(
        template="events/mail/team_invitation",
        subject=f"Join the team of {host_name}",
        recipient=invitation.email,
        message_id=invitation.message_id,
        context={
            "invitation": invitation,
            "host_name": host_name,
            "inviter": one_line(inviter.get_full_name()) if inviter else host_name,
            "link": absolute(join_path(invitation)),
        },
        reply_to=[host.email] if host.email else [],
    )
