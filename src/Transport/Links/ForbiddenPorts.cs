namespace Stack.Transport;

/// <summary>
/// Ports that a client does not connect to over TCP: services that would take the bytes of a STUN request for something else, so that
/// whoever names the server could aim the client at them.
/// </summary>
internal static class ForbiddenPorts
{
    public static bool Contains(int port) => port
        is 7 or 9 or 13 or 19 or 21 or 22 or 23 or 25 or 37 or 53 or 79 or 109 or 110 or 111 or 113 or 119 or 135 or 139 or 143 or 161
        or 179 or 389 or 427 or 445 or 465 or 512 or 513 or 514 or 515 or 526 or 530 or 531 or 532 or 540 or 548 or 554 or 556 or 563
        or 587 or 601 or 636 or 993 or 995 or 1719 or 1720 or 1723 or 2049 or 3306 or 3659 or 4045 or 5060 or 5061 or 5432 or 6000
        or 6379 or 6566 or 6665 or 6666 or 6667 or 6668 or 6669 or 6697 or 10080 or 11211;
}
