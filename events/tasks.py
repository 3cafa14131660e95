"""Jobs that the worker runs by itself, each harmless when it runs twice. Procrastinate finds this
module by its name.
"""

from procrastinate.contrib.django import app

from events.alerts import queueing
from events.host_news import queueing as host_news
from events.images.orphans import queue_forgotten_sizes, remove_orphans
from events.moderation import queue_report_mail
from events.page_changes import forget_old_changes
from events.search.facet_store import build_facet_index
from events.search.vocabulary_store import refresh_vocabulary
from events.search.word_index import build_word_index
from events.services.listings import count_popularity, remove_past_listings
from events.services.teams import delete_ended_invitations


@app.periodic(cron="*/3 * * * *")
@app.task(name="events.queue_instant_alerts", queueing_lock="events.queue_instant_alerts")
def queue_instant_alerts_job(timestamp: int) -> None:
    queueing.queue_instant_alerts()


@app.periodic(cron="*/15 * * * *")
@app.task(name="events.queue_weekly_alerts", queueing_lock="events.queue_weekly_alerts")
def queue_weekly_alerts_job(timestamp: int) -> None:
    queueing.queue_weekly_alerts()


@app.periodic(cron="40 4 * * *")
@app.task(name="events.delete_unsent_alerts", queueing_lock="events.delete_unsent_alerts")
def delete_unsent_alerts_job(timestamp: int) -> None:
    queueing.delete_unsent_alerts()


@app.periodic(cron="7,22,37,52 * * * *")
@app.task(name="events.queue_host_news", queueing_lock="events.queue_host_news")
def queue_host_news_job(timestamp: int) -> None:
    host_news.queue_host_news()


@app.periodic(cron="30 6 * * *")
@app.task(name="events.queue_report_mail", queueing_lock="events.queue_report_mail")
def queue_report_mail_job(timestamp: int) -> None:
    queue_report_mail()


@app.periodic(cron="50 4 * * *")
@app.task(name="events.forget_old_news", queueing_lock="events.forget_old_news")
def forget_old_news_job(timestamp: int) -> None:
    host_news.forget_old_news()


@app.periodic(cron="*/5 * * * *")
@app.task(name="events.remove_past_listings", queueing_lock="events.remove_past_listings")
def remove_past_listings_job(timestamp: int) -> None:
    remove_past_listings()


@app.periodic(cron="*/15 * * * *")
@app.task(name="events.forget_old_changes", queueing_lock="events.forget_old_changes")
def forget_old_changes_job(timestamp: int) -> None:
    forget_old_changes()


@app.periodic(cron="*/10 * * * *")
@app.task(name="events.count_popularity", queueing_lock="events.count_popularity")
def count_popularity_job(timestamp: int) -> None:
    count_popularity()


@app.periodic(cron="*/2 * * * *")
@app.task(name="events.build_facet_index", queueing_lock="events.build_facet_index")
def build_facet_index_job(timestamp: int) -> None:
    build_facet_index()


@app.periodic(cron="* * * * *")
@app.task(name="events.refresh_vocabulary", queueing_lock="events.refresh_vocabulary")
def refresh_vocabulary_job(timestamp: int) -> None:
    refresh_vocabulary()


@app.periodic(cron="*/2 * * * *")
@app.task(name="events.build_word_index", queueing_lock="events.build_word_index")
def build_word_index_job(timestamp: int) -> None:
    build_word_index()


@app.periodic(cron="45 4 * * *")
@app.task(name="events.delete_ended_invitations", queueing_lock="events.delete_ended_invitations")
def delete_ended_invitations_job(timestamp: int) -> None:
    delete_ended_invitations()


@app.periodic(cron="*/10 * * * *")
@app.task(name="events.queue_forgotten_sizes", queueing_lock="events.queue_forgotten_sizes")
def queue_forgotten_sizes_job(timestamp: int) -> None:
    queue_forgotten_sizes()


@app.periodic(cron="10 4 * * *")
@app.task(name="events.remove_orphaned_images", queueing_lock="events.remove_orphaned_images")
def remove_orphaned_images_job(timestamp: int) -> None:
    remove_orphans()
