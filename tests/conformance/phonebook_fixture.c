/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Phone books for the tests of RAS functions.
 */

#include <test.h>
#include <stdbool.h>
#include <string.h>
#include <wchar.h>

#include "phonebook_fixture.h"

const char sample_phonebook[] = "[Office VPN]\r\n"
                                "Encoding=1\r\n"
                                "PBVersion=1\r\n"
                                "Type=2\r\n"
                                "AutoLogon=0\r\n"
                                "UseRasCredentials=0\r\n"
                                "LowDateTime=-1593835520\r\n"
                                "HighDateTime=30104580\r\n"
                                "DialParamsUID=15468953\r\n"
                                "Guid=33221100554477668899AABBCCDDEEFF\r\n"
                                "VpnStrategy=1\r\n"
                                "ExcludedProtocols=8\r\n"
                                "LcpExtensions=1\r\n"
                                "DataEncryption=256\r\n"
                                "SwCompression=0\r\n"
                                "NegotiateMultilinkAlways=0\r\n"
                                "DialMode=1\r\n"
                                "RedialAttempts=5\r\n"
                                "RedialSeconds=30\r\n"
                                "IdleDisconnectSeconds=-1\r\n"
                                "RedialOnLinkFailure=1\r\n"
                                "CustomDialDll=\r\n"
                                "ShareMsFilePrint=0\r\n"
                                "BindMsNetClient=1\r\n"
                                "PreviewUserPw=1\r\n"
                                "PreviewDomain=1\r\n"
                                "PreviewPhoneNumber=0\r\n"
                                "ShowDialingProgress=1\r\n"
                                "ShowMonitorIconInTaskBar=1\r\n"
                                "CustomAuthKey=13\r\n"
                                "AuthRestrictions=544\r\n"
                                "IpPrioritizeRemote=0\r\n"
                                "IpInterfaceMetric=25\r\n"
                                "IpHeaderCompression=0\r\n"
                                "IpAddress=192.0.2.10\r\n"
                                "IpDnsAddress=192.0.2.53\r\n"
                                "IpDns2Address=192.0.2.54\r\n"
                                "IpWinsAddress=0.0.0.0\r\n"
                                "IpWins2Address=0.0.0.0\r\n"
                                "IpAssign=2\r\n"
                                "IpNameAssign=2\r\n"
                                "IpDnsSuffix=corp.example\r\n"
                                "Ipv6Assign=1\r\n"
                                "Ipv6DnsAddress=2001:db8::53\r\n"
                                "NetworkOutageTime=1800\r\n"
                                "\r\n"
                                "NETCOMPONENTS=\r\n"
                                "ms_msclient=1\r\n"
                                "ms_server=0\r\n"
                                "\r\n"
                                "MEDIA=rastapi\r\n"
                                "Port=VPN3-0\r\n"
                                "Device=WAN Miniport (PPTP)\r\n"
                                "\r\n"
                                "DEVICE=vpn\r\n"
                                "PhoneNumber=vpn.example\r\n"
                                "AreaCode=\r\n"
                                "CountryCode=1\r\n"
                                "CountryID=1\r\n"
                                "UseDialingRules=0\r\n"
                                "Comment=\r\n"
                                "FriendlyName=\r\n"
                                "LastSelectedPhone=0\r\n"
                                "PromoteAlternates=0\r\n"
                                "TryNextAlternateOnFail=1\r\n"
                                "\r\n"
                                "[Dial]\r\n"
                                "Encoding=1\r\n"
                                "Type=1\r\n"
                                "\r\n"
                                "MEDIA=serial\r\n"
                                "Port=COM3\r\n"
                                "Device=Standard 56000 bps Modem\r\n"
                                "\r\n"
                                "DEVICE=modem\r\n"
                                "PhoneNumber=5550100\r\n"
                                "AreaCode=030\r\n"
                                "CountryCode=49\r\n"
                                "CountryID=49\r\n"
                                "UseDialingRules=1\r\n"
                                "PhoneNumber=5550101\r\n"
                                "PhoneNumber=5550102\r\n"
                                "PromoteAlternates=1\r\n"
                                "\r\n"
                                "[PPPoE]\r\n"
                                "Type=5\r\n"
                                "\r\n"
                                "MEDIA=rastapi\r\n"
                                "Port=PPPoE6-0\r\n"
                                "Device=WAN Miniport (PPPOE)\r\n"
                                "\r\n"
                                "DEVICE=PPPoE\r\n"
                                "PhoneNumber=\r\n";

static void make_folders(WCHAR *path)
{
    WCHAR *at;

    for (at = path + 3; (at = wcschr(at, '\\')); at++)
    {
        *at = 0;
        CreateDirectoryW(path, NULL);
        *at = '\\';
    }
}

void write_phonebook(const WCHAR *path, const void *data, size_t size, WCHAR *expanded)
{
    HANDLE file;
    DWORD done;

    assert_in_range(ExpandEnvironmentStringsW(path, expanded, MAX_PATH), 4, MAX_PATH);
    make_folders(expanded);
    file = CreateFileW(expanded, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    assert_true(file != INVALID_HANDLE_VALUE);
    assert_true(WriteFile(file, data, (DWORD)size, &done, NULL) && done == size);
    CloseHandle(file);
}

void write_sample(WCHAR *path)
{
    write_phonebook(L"%TEMP%\\sample.pbk", sample_phonebook, strlen(sample_phonebook), path);
}

void remove_phonebook(const WCHAR *path)
{
    assert_true(DeleteFileW(path));
}
