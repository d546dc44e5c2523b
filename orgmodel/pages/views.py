"""Pages that belong to no part of the organization."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render


def overview(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")


def welcome(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")


def settings_page(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")


def search(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")


def styleguide(request: HttpRequest) -> HttpResponse:
    return render(request, "styleguide.html")


def healthz(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"status": "ok"})
