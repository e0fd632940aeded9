"""The shell's own pages: sign-in, password, large type, the way home, and Django's refusals."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.password_validation import password_validators_help_texts
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from audits import notices
from audits.pages.head_words import head_words
from audits.pages.words import form_words
from config import idle
from config.middleware import where_from
from stations import access, passwords
from stations.models import User
from stations.refusals import Refusal
from stations.services import accounts

SIZE_COOKIE = "size"
HOMES = {
    User.Role.INSPECTOR: "today",
    User.Role.STATION_HEAD: "gaps",
    User.Role.SUPERVISOR: "overview",
    User.Role.BUREAU: "overview",
    User.Role.SYSADMIN: "people",
    User.Role.AUDITOR: "desk-history",
}


class SignIn(LoginView):
    template_name = "accounts/login.html"
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_valid(form)
        accounts.record_sign_in(user=form.get_user(), now=timezone.now())
        idle.watch(self.request)
        return response

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        username = form.data.get("username", "")[:150]
        accounts.record_refused_sign_in(username=username, now=timezone.now())
        return super().form_invalid(form)


class PasswordForm(forms.Form):
    old_password = forms.CharField(label=gettext_lazy("原密码"), max_length=200)
    new_password1 = forms.CharField(label=gettext_lazy("新密码"), max_length=200)
    new_password2 = forms.CharField(label=gettext_lazy("再写一遍新密码"), max_length=200)

    def clean_new_password2(self) -> str:
        again: str = self.cleaned_data["new_password2"]
        if again != self.cleaned_data.get("new_password1", again):
            raise forms.ValidationError(_("两次写的新密码不一样。"))
        return again


@login_required
def change_password(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = accounts.change_own_password(
                user=request.user,
                old=form.cleaned_data["old_password"],
                new=form.cleaned_data["new_password1"],
                now=timezone.now(),
            )
        except Refusal as refusal:
            for error in refusal.errors:
                form.add_error(error["field"], error["message"])
        else:
            update_session_auth_hash(request, user)
            messages.success(request, _("密码已改好。其他设备上的登录都已退出。"))
            return redirect("home")
    context = {
        "form": form,
        "is_worn_out": passwords.is_worn_out(request.user, now=timezone.now()),
        "rules": password_validators_help_texts(),
    }
    return render(request, "accounts/password_change.html", context)


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    return redirect(HOMES[User.Role(request.user.role)])


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """我的: who I am here, language, type size, password, the way out."""
    assert isinstance(request.user, User)
    words = {User.Role.INSPECTOR: form_words, User.Role.STATION_HEAD: head_words}
    may_read = access.may(request.user, "findings.read")
    context = {
        "stations": request.user.stations.all(),
        "words": words.get(User.Role(request.user.role), dict)(),
        "unread": notices.unread(request.user) if may_read else None,
    }
    return render(request, "accounts/mine.html", context)


@require_POST
def set_size(request: HttpRequest) -> HttpResponse:
    """适老化: one cookie, so that the first paint already has the right size."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        target = "/"
    response = redirect(target)
    response.set_cookie(
        SIZE_COOKIE,
        "large" if request.POST.get("size") == "large" else "normal",
        max_age=365 * 24 * 3600,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", {"back": where_from(request)}, status=403)


def locked_out(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
    """Too many wrong passwords: plain words, never which half was wrong."""
    return render(request, "accounts/locked.html", status=429)
