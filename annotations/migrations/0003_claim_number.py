import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0002_rejection"),
        ("corpus", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Numbering",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("last", models.PositiveIntegerField(default=0)),
                (
                    "collection",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="numbering",
                        to="corpus.collection",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="claim",
            name="number",
            field=models.PositiveIntegerField(
                null=True,
                editable=False,
                help_text="What people call it by; it never changes and is never reused.",
            ),
        ),
        migrations.AlterField(
            model_name="claim",
            name="order",
            field=models.PositiveIntegerField(default=0, help_text="Its place in the list."),
        ),
    ]
