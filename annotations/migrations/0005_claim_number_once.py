from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("annotations", "0004_number_claims")]

    operations = [
        migrations.AlterField(
            model_name="claim",
            name="number",
            field=models.PositiveIntegerField(
                editable=False,
                help_text="What people call it by; it never changes and is never reused.",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.UniqueConstraint(
                fields=("collection", "number"),
                name="annotations_claim_number_once",
                violation_error_message="Another claim of the collection has this number.",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 1)),
                name="annotations_claim_number_from_one",
                violation_error_message="Claims are numbered from 1.",
            ),
        ),
    ]
