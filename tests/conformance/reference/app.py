"""Reference server: stock Django REST framework with the rules of docs/behaviour.md. Run: serve.py PORT"""
import os, sys
from django.conf import settings

DB = os.environ.get("REF_DB", "reference.sqlite3")
settings.configure(
    SECRET_KEY="x", DEBUG=False, ALLOWED_HOSTS=["*"], ROOT_URLCONF="app", USE_TZ=True, TIME_ZONE="America/Los_Angeles",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": DB}},
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "rest_framework", "rest_framework.authtoken", "django_filters"],
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"], APPEND_SLASH=False, DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    DATA_UPLOAD_MAX_MEMORY_SIZE=10 * 1024 * 1024,
    REST_FRAMEWORK={
        "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.TokenAuthentication"],
        "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    },
)
import django
django.setup()

import datetime, phonenumbers
from django.db import models, transaction
from django.http import Http404, JsonResponse
from django.urls import re_path
from django.utils import timezone
import django_filters
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import serializers, generics, filters, pagination, mixins
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.exceptions import ValidationError, ParseError, MethodNotAllowed

DUP = "A lead with this phone number and email already exists."
STATES = "AL AK AS AZ AR AA AE AP CA CO CT DE DC FL GA GU HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND MP OH OK OR PA PR RI SC SD TN TX UT VT VI VA WA WV WI WY".split()
STATUSES = "UNKNOWN NEW OPEN CALLBACK_TO_TRANSFER CLOSED CLOSED_INCOMPLETE LOST SCHEDULE_COMPLETED OUT_OF_TERRITORY BAD_NUMBER CANCELLED".split()
SUBTYPES = "blind_transfer warm_transfer appointment_booked live_handoff_unavailable escalation has_call_dnc tcpa_litigator LEAD_ASSIGNED".split()
REASONS = "UNKNOWN WEBHOOK MANUAL CHAT REENGAGEMENT".split()


class LeadType(models.Model):
    name = models.CharField(max_length=255)
    class Meta: app_label = "app"


class Representative(models.Model):
    name = models.CharField(max_length=255)
    class Meta: app_label = "app"


class Lead(models.Model):
    email = models.CharField(max_length=400, null=True)
    email_key = models.CharField(max_length=400, default="")
    phone_number = models.CharField(max_length=40, null=True)
    metadata = models.JSONField(null=True)
    modified_time = models.DateTimeField()
    created_time = models.DateTimeField()
    status = models.CharField(max_length=40, default="NEW")
    status_sub_type = models.CharField(max_length=40, null=True)
    status_reason = models.CharField(max_length=40, null=True)
    lead_type = models.ForeignKey(LeadType, null=True, on_delete=models.SET_NULL)
    representative = models.ForeignKey(Representative, null=True, on_delete=models.SET_NULL)
    next_call_time = models.DateTimeField(null=True)
    next_call_time_reason = models.CharField(max_length=40, null=True)
    external_id = models.CharField(max_length=255, null=True)
    us_state = models.CharField(max_length=2, null=True)
    lead_source = models.CharField(max_length=255, null=True)
    received_time = models.DateTimeField()
    reengagements_count = models.IntegerField(default=0)
    last_reengagement_time = models.DateTimeField(null=True)
    call_schedule_start_time = models.DateTimeField(null=True)
    sms_dnc = models.BooleanField(default=False)
    call_dnc = models.BooleanField(default=False)
    class Meta: app_label = "app"


class PhoneField(serializers.CharField):
    default_error_messages = {"phone": "Enter a valid phone number."}

    def to_internal_value(self, data):
        value = super().to_internal_value(data)
        self.run_text_validators(value)
        number = normalize(value)
        if number is None:
            self.fail("phone")
        return number

    def run_text_validators(self, value):      # NUL and surrogates are seen in the text as sent, not in the E.164 result
        errors = []
        for v in self.validators:
            try:
                v(value)
            except Exception as e:
                errors.extend(e.messages)
        if errors:
            raise ValidationError(errors)


def normalize(text):
    try:
        n = phonenumbers.parse(text, "US")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(n):
        return None
    return phonenumbers.format_number(n, phonenumbers.PhoneNumberFormat.E164)


class Pk(serializers.PrimaryKeyRelatedField):
    def to_internal_value(self, data):
        try:
            return super().to_internal_value(data)
        except OverflowError:
            self.fail("does_not_exist", pk_value=data)


class LeadIn(serializers.Serializer):
    email = serializers.EmailField(required=False, allow_null=True, allow_blank=True)
    phone_number = PhoneField()
    metadata = serializers.DictField(required=False, allow_null=True)
    lead_type = Pk(queryset=LeadType.objects.all(), required=False, allow_null=True)
    representative = Pk(queryset=Representative.objects.all(), required=False, allow_null=True)
    external_id = serializers.CharField(required=False, allow_null=True, allow_blank=True, max_length=255)
    us_state = serializers.ChoiceField(choices=STATES, required=False, allow_null=True, allow_blank=True)
    lead_source = serializers.CharField(required=False, allow_null=True, allow_blank=True, max_length=255)
    call_schedule_start_time = serializers.DateTimeField(required=False, allow_null=True)
    min_reengagement_days = serializers.IntegerField(required=False, allow_null=True, min_value=0)


class LeadChange(serializers.Serializer):
    email = serializers.EmailField(required=False, allow_null=True, allow_blank=True)
    phone_number = PhoneField()
    metadata = serializers.DictField(required=False, allow_null=True)
    status = serializers.ChoiceField(choices=STATUSES, required=False)
    status_sub_type = serializers.ChoiceField(choices=SUBTYPES, required=False, allow_null=True)
    status_reason = serializers.ChoiceField(choices=REASONS, required=False, allow_null=True)
    lead_type = Pk(queryset=LeadType.objects.all(), required=False, allow_null=True)
    representative = Pk(queryset=Representative.objects.all(), required=False, allow_null=True)
    external_id = serializers.CharField(required=False, allow_null=True, allow_blank=True, max_length=255)
    us_state = serializers.ChoiceField(choices=STATES, required=False, allow_null=True, allow_blank=True)
    lead_source = serializers.CharField(required=False, allow_null=True, allow_blank=True, max_length=255)
    call_schedule_start_time = serializers.DateTimeField(required=False, allow_null=True)
    sms_dnc = serializers.BooleanField(required=False)
    call_dnc = serializers.BooleanField(required=False)


class LeadOut(serializers.ModelSerializer):
    class Meta:
        model = Lead
        fields = ["id", "email", "phone_number", "metadata", "modified_time", "created_time", "status", "status_sub_type",
                  "status_reason", "lead_type", "representative", "next_call_time", "next_call_time_reason", "external_id",
                  "us_state", "lead_source", "received_time", "reengagements_count", "last_reengagement_time",
                  "call_schedule_start_time", "sms_dnc", "call_dnc"]


OUT = set(LeadOut.Meta.fields)
CREATE_KEYS = set(LeadIn().fields)
CHANGE_KEYS = set(LeadChange().fields) | OUT | {"min_reengagement_days"}


def email_key(email):
    e = (email or "").strip()
    if "@" in e:
        user, domain = e.rsplit("@", 1)
        try:
            domain = domain.encode("idna").decode("ascii")
        except UnicodeError:
            pass
        e = user + "@" + domain
    return "".join(c.lower() if "A" <= c <= "Z" else c for c in e)


def find_duplicate(phone, email, exclude=None):
    key = email_key(email)
    q = Lead.objects.filter(phone_number=phone, email_key=key)
    if exclude:
        q = q.exclude(pk=exclude)
    if not phone and not key:
        return None
    return q.first()


def receive(data):
    """One lead; (lead, created)."""
    s = LeadIn(data=data)
    s.is_valid(raise_exception=True)
    v = dict(s.validated_data)
    extra = {k: data[k] for k in data if k not in CREATE_KEYS}
    days = v.pop("min_reengagement_days", None) or 0
    if extra:
        v["metadata"] = {**extra, **(v.get("metadata") or {})}
    now = timezone.now()
    old = find_duplicate(v["phone_number"], v.get("email"))
    if old is None:
        lead = Lead.objects.create(email_key=email_key(v.get("email")), created_time=now, modified_time=now, received_time=now, **v)
        return Lead.objects.get(pk=lead.pk), True
    last = max(t for t in (old.received_time, old.last_reengagement_time) if t)
    if (now - last).total_seconds() < days * 86400:
        raise ValidationError({"non_field_errors": [DUP]})
    old.metadata = {**(old.metadata or {}), **(v.pop("metadata", None) or {})}
    for k, x in v.items():
        if k in ("email", "phone_number") or x is None or x == "" or (k == "lead_source" and old.lead_source):
            continue
        setattr(old, k, x)
    old.reengagements_count += 1
    old.last_reengagement_time = old.modified_time = now
    old.status, old.status_reason = "OPEN", "REENGAGEMENT"
    old.save()
    return Lead.objects.get(pk=old.pk), False


class LeadFilter(django_filters.FilterSet):
    email = django_filters.CharFilter()
    external_id = django_filters.CharFilter()
    phone_number = django_filters.CharFilter(method="by_phone")
    user = django_filters.NumberFilter(field_name="representative")

    def by_phone(self, qs, name, value):
        return qs.filter(phone_number__in=[value, normalize(value) or value])

    class Meta:
        model = Lead
        fields = []


class Pages(pagination.PageNumberPagination):
    page_size, page_size_query_param, max_page_size = 100, "page_size", 1000


class Leads(generics.GenericAPIView, mixins.ListModelMixin):
    queryset = Lead.objects.order_by("-created_time", "-id")
    serializer_class, pagination_class = LeadOut, Pages
    filter_backends, filterset_class = [DjangoFilterBackend], LeadFilter

    def get(self, request):
        return self.list(request)

    def post(self, request):
        with transaction.atomic():
            lead, created = receive(request.data)
        return Response(LeadOut(lead).data, 201 if created else 200)


class OneLead(generics.GenericAPIView):
    queryset, serializer_class = Lead.objects.all(), LeadOut

    def get_object(self):
        try:
            return super().get_object()
        except OverflowError:
            raise Http404

    def get(self, request, pk):
        return Response(LeadOut(self.get_object()).data)

    def patch(self, request, pk):
        with transaction.atomic():
            lead = self.get_object()
            data = request.data
            s = LeadChange(lead, data=data, partial=True)
            s.is_valid(raise_exception=True)
            v = dict(s.validated_data)
            extra = {k: data[k] for k in data if k not in CHANGE_KEYS}
            if extra:
                v["metadata"] = {**((v["metadata"] if "metadata" in v else lead.metadata) or {}), **extra} if "metadata" not in v else {**extra, **(v["metadata"] or {})}
            for k, x in v.items():
                setattr(lead, k, x)
            lead.email_key = email_key(lead.email)
            if ("email" in v or "phone_number" in v) and find_duplicate(lead.phone_number, lead.email, lead.pk):
                raise ValidationError({"non_field_errors": [DUP]})
            lead.modified_time = timezone.now()
            lead.save()
        return Response(LeadOut(Lead.objects.get(pk=lead.pk)).data)


def flat(detail):
    parts = []
    for field, messages in detail.items():
        for m in messages:
            parts.append(str(m) if field == "non_field_errors" else "%s: %s" % (field, m))
    return "; ".join(parts)


class Bulk(APIView):
    def post(self, request):
        data = request.data
        leads = data.get("leads") if isinstance(data, dict) else None
        if not isinstance(leads, list):
            return Response({"detail": "Request body must contain a 'leads' list."}, 400)
        if len(leads) > 1000:
            return Response({"detail": "Cannot create more than 1000 leads in one request."}, 400)
        out = []
        for item in leads:
            if not isinstance(item, dict):
                out.append({"id": None, "action": "error", "error": "Each lead must be a JSON object."})
                continue
            try:
                with transaction.atomic():
                    lead, created = receive(item)
                out.append({"id": lead.id, "action": "created" if created else "reengaged"})
            except ValidationError as e:
                out.append({"id": None, "action": "error", "error": flat(e.detail)})
        return Response({"results": out})


class Update(APIView):
    def put(self, request):
        return Response({"detail": "Not part of this reference."}, 501)


class LeadTypeOut(serializers.ModelSerializer):
    lead_metadata_fields = serializers.SerializerMethodField()

    def get_lead_metadata_fields(self, obj):
        return []

    class Meta:
        model = LeadType
        fields = ["id", "name", "lead_metadata_fields"]


class LeadTypes(generics.ListAPIView):
    queryset, serializer_class, pagination_class = LeadType.objects.order_by("id"), LeadTypeOut, Pages
    filter_backends, search_fields = [filters.SearchFilter], ["name"]


class OneLeadType(generics.RetrieveAPIView):
    queryset, serializer_class = LeadType.objects.all(), LeadTypeOut

    def get_object(self):
        try:
            return super().get_object()
        except OverflowError:
            raise Http404


def not_found(request, exception=None):
    return JsonResponse({"detail": "Not found."}, status=404)


handler404 = not_found
urlpatterns = [
    re_path(r"^api/leads/?\Z", Leads.as_view()),
    re_path(r"^api/leads/bulk-create/?\Z", Bulk.as_view()),
    re_path(r"^api/leads/update/?\Z", Update.as_view()),
    re_path(r"^api/leads/(?P<pk>[0-9]+)/?\Z", OneLead.as_view()),
    re_path(r"^api/lead-types/?\Z", LeadTypes.as_view()),
    re_path(r"^api/lead-types/(?P<pk>[0-9]+)/?\Z", OneLeadType.as_view()),
]

TOKEN = "5e1a" * 10


def fresh():
    from django.core.management import call_command
    from django.db import connection
    call_command("migrate", run_syncdb=True, verbosity=0)
    with connection.schema_editor() as ed:
        for m in (LeadType, Representative, Lead):
            ed.create_model(m)
    from django.contrib.auth.models import User
    from rest_framework.authtoken.models import Token
    u = User.objects.create(username="a")
    Token.objects.create(user=u, key=TOKEN)
    for i in (1, 123):
        LeadType.objects.create(id=i, name="Campaign %d" % i)
    for i in (1, 456):
        Representative.objects.create(id=i, name="Representative %d" % i)
