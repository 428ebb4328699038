# SPDX-License-Identifier: LGPL-2.1-or-later
# FreeRADIUS 3's perl module asks nap-validate about the statement of health in an Access-Request;
# see docs/administration.md. nap-policy loads it.
#
# Each thread of FreeRADIUS has an interpreter, and each interpreter one connection.
use strict;
use warnings;
use Socket;

our (%RAD_REQUEST, %RAD_REPLY, %RAD_PERLCONF);
use constant { RLM_MODULE_REJECT => 0, RLM_MODULE_FAIL => 1, RLM_MODULE_UPDATED => 8, L_ERR => 4 };
use constant DEADLINE => 2; # seconds for nap-validate to answer

my $connection;

sub CLONE { undef $connection } # another thread's

sub connect_to_server {
    socket(my $socket, PF_UNIX, SOCK_STREAM, 0) or return;
    setsockopt($socket, SOL_SOCKET, $_, pack('l!l!', DEADLINE, 0)) for SO_RCVTIMEO, SO_SNDTIMEO;
    connect($socket, pack_sockaddr_un($RAD_PERLCONF{socket})) or return;
    return $socket;
}

# Sends a line; returns the answer's text, or nothing if the server does not answer in time.
sub exchange {
    my ($line) = @_;
    my $answer = '';
    defined send($connection, $line, MSG_NOSIGNAL) or return;
    until ($answer =~ /\n\n\z/) {
        sysread($connection, $answer, 65536, length $answer) or return;
    }
    return $answer;
}

# The server may have been restarted since the last request, so there is a second try.
sub ask {
    my ($line) = @_;
    for my $try (1, 2) {
        $connection //= connect_to_server() or last;
        my $answer = exchange($line);
        return $answer if defined $answer;
        undef $connection; # an answer that comes late must not be taken for the next one
    }
    return;
}

sub authorize {
    my $values = $RAD_REQUEST{'MS-Quarantine-SOH'} // '';
    my $answer = ask(join(' ', ref $values ? @$values : $values) . "\n");
    # FreeRADIUS's decoder gets the statement that nap-validate has checked, or none.
    delete $RAD_REQUEST{'MS-Quarantine-SOH'};
    if (!defined $answer) {
        radiusd::radlog(L_ERR, "nap-validate does not answer on $RAD_PERLCONF{socket}: $!");
        $RAD_REPLY{'Reply-Message'} = 'the health policy server does not answer';
        return RLM_MODULE_REJECT;
    }
    if ($answer !~ /^(not-)?compliant\n/) {
        $RAD_REPLY{'Reply-Message'} = 'the statement of health is missing or malformed';
        return RLM_MODULE_REJECT;
    }
    while ($answer =~ /^(reply|request) (\S+) = (\S+)$/mg) {
        my ($list, $name, $value) = ($1 eq 'reply' ? \%RAD_REPLY : \%RAD_REQUEST, $2, $3);
        if (!exists $list->{$name}) { $list->{$name} = $value }
        elsif (ref $list->{$name}) { push @{$list->{$name}}, $value }
        else { $list->{$name} = [$list->{$name}, $value] }
    }
    return RLM_MODULE_UPDATED;
}

1;
